# COPY --parents: the pivot after dots, at the end, twice.
FROM base:1
COPY --parents ./dir/./sub/z /a/
COPY --parents /dir/sub/./z /b/
COPY --parents dir/././sub/z /c/
COPY --parents dir/../dir/./sub/z /d/
