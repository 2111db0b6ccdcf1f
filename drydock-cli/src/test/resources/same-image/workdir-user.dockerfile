FROM base:1
USER 1000
WORKDIR /w
USER nobody:staff
WORKDIR /v/deep
USER app
WORKDIR deeper
