FROM base:1
WORKDIR /berth/here
COPY a.txt .
COPY dir/x ./
COPY dir/sub sub
COPY script.sh ../up.sh
