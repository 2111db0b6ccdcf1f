FROM base:1
ADD a.txt /added
ADD dir /dir/
