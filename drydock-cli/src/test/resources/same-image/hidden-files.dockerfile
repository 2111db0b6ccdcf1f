FROM base:1
COPY dir/.hidden dir/x* /h/
COPY .dotfile /h/
