FROM base:1
COPY a.txt script.sh dir /many/
