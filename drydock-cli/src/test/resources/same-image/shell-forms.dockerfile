FROM base:1
CMD echo hello $USER
ENTRYPOINT exec top
