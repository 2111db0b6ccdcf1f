FROM base:1
USER root
WORKDIR /r
USER root:root
RUN id > /r/id
