FROM base:1
RUN true
RUN ["true"]
