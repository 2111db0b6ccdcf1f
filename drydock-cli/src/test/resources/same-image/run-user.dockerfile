FROM base:1
RUN mkdir /w && chown 1000:1000 /w
USER 1000:1000
RUN id -u > /w/id && id -g >> /w/id && umask 077 && touch /w/private && echo $HOME > /w/home
USER app
RUN id > /tmp/id && echo $HOME >> /tmp/id
