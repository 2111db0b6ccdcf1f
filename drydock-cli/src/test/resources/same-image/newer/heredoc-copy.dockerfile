FROM base:1
ENV V=val
COPY <<EOF /x
v=$V q="$V" s='$V' e=\$V b=\\ ${V:-no}
EOF
COPY <<"EOF" /y
v=$V
EOF
COPY <<-EOF /dir/
	tab
	  two
	EOF
COPY <<one <<two /many/
1
one
2
two
COPY --chmod=755 --chown=5:6 <<run.sh /bin2/
#!/bin/sh
run.sh
ADD <<added /added/
x
added
