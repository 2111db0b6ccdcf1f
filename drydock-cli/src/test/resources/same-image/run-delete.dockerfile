FROM base:1
RUN rm -r /etc/group /home && mkdir /home && echo n > /home/n
