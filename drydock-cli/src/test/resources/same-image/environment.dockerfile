FROM base:1
ENV A=hello B="two words" PATH=/x:$PATH C=a\ b D='single $A'
ENV A=bye E=$A F=${A}x
ENV LEGACY some text = $A
RUN echo "$A $B $C $D $E $F $LEGACY" > /env
