FROM base:1
COPY links /l
COPY links/up /followed
