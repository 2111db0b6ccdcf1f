# ENV: a line sees the values before it; the old form; quotes and escapes.
FROM base:1
ENV a=hello
ENV a=bye b=$a
ENV c d=e f
ENV q='single $a' r="double $a" s=esc\ aped t=$a$b
ENV PATH=$PATH:/x
