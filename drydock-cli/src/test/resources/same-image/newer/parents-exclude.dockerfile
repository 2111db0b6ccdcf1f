# COPY --parents --exclude: patterns are relative to the root, or to what follows the pivot.
FROM base:1
COPY --parents --exclude=dir/sub dir /a/
COPY --parents --exclude=**/x dir /b/
COPY --parents --exclude=sub dir /c/
COPY --parents --exclude=dir/x ./dir/./x dir/y /d/
