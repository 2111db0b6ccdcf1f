FROM base:1
COPY --parents dir/sub/z dir/x /p/
COPY --parents dir/./sub/z /q/
COPY --parents **/z links/up /r/
