FROM base:1 AS b
CMD ["b"]
FROM b
ENTRYPOINT ["e"]
