# COPY --parents: wildcards before and after the pivot, a pattern without a match.
FROM base:1
COPY --parents dir/./**/z /a/
COPY --parents di*/./sub /b/
COPY --parents **/x a.txt links/./up /c/
COPY --parents nosuch*/x /d/
