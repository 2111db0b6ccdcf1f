FROM base:1
RUN sh <<A && sh <<B
echo a > /1
A
echo b > /2
B
COPY <<A a.txt <<B /mix/
a
A
b
B
