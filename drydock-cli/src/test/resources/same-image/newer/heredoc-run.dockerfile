FROM base:1
RUN <<EOF
false
echo "one $HOME" > /h
EOF
RUN <<-"X" cat > /tabs
	a
	  b $HOME
	X
RUN cat <<A > /a && cat <<B > /b
a $PATH
A
b \$x
B
