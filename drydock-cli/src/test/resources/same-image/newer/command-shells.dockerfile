FROM base:1
CMD ["x"]
SHELL ["/bin/sh", "-x", "-c"]
ENTRYPOINT a  b
CMD   c  d
RUN true
