FROM	base:1
ENV	A=b	C=d
COPY	a.txt	/t/
EXPOSE	80	81
  RUN   echo   x   >   /x   
