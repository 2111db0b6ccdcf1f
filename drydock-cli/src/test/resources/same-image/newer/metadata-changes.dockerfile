FROM base:1
RUN mkdir /d && touch /d/f /g && ln /g /d/h
RUN chmod 700 /d
RUN chown 5 /g
RUN touch /d/f
RUN cp -p /d/f /d/f2 && mv /d/f2 /d/f
RUN touch /d
RUN mv /d/f /d/f3
RUN rm /g
