# ADD --exclude with directories and archives, with leading and trailing slashes.
FROM base:1
ADD --exclude=deep archive.tar.gz /a/
ADD --exclude=x --exclude=y dir /b/
ADD --exclude=/x --exclude=./y dir /c/
ADD --exclude=sub/ dir /d/
