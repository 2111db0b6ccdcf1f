FROM base:1
LABEL z=1 a=2 z=3
LABEL ""=x
