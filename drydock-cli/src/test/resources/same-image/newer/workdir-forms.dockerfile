FROM base:1
WORKDIR a
WORKDIR b/
WORKDIR ../c
WORKDIR /x/./y//z/..
WORKDIR "/q u/o"
ENV D=/var
WORKDIR $D/lib
RUN pwd > /pwd
