FROM base:1
SHELL ["/bin/sh", "-ec"]
RUN true; echo shell > /made
CMD x
