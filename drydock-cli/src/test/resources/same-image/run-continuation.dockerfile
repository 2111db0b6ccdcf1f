FROM base:1
# escape=` is too late here
RUN echo one \
  # a comment goes
  && echo "two   blanks" \

  && echo three > /three
RUN echo 'back\\slash' "tab\there" $HOME > /quoted
