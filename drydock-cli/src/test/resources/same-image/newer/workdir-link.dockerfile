FROM base:1
RUN ln -s /var /v
WORKDIR /v/new
RUN pwd > here
