FROM base:1
CMD ["c"]
ENTRYPOINT ["e"]
