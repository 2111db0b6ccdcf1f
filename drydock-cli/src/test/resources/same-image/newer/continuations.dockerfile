FROM base:1
RUN echo a && \
    echo b && \

    # c
    echo c
ENV A=1 \
    B=2 \
    # comment
    C=3
LABEL a="x \
y"
CMD ["a", \
     "b"]
