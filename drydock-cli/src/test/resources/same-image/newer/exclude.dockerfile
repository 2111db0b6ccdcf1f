FROM base:1
COPY --exclude=sub --exclude=*.txt dir a.txt /e/
COPY --exclude=**/* --exclude=!x dir /f/
COPY --exclude=x dir/x /g/
