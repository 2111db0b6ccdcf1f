FROM base:1
COPY ["a.txt", "/with space/"]
COPY ["with space.txt", "dir/x", "/with space/"]
