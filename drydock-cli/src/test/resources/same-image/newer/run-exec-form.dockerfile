FROM base:1
RUN ["/bin/sh", "-c", "echo \"$HOME\" > /x"]
RUN [ "sh", "-c", "echo \\\"q\\\" > /y" ]
RUN ['bad']; true
