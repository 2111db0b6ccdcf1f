#: --label=cli=from cli
#: --label=a=cli
FROM base:1
LABEL a=file b=file
