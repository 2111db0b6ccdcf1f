# Makes the context of the Dockerfiles beside this file, in the current directory.
umask 022
echo a > a.txt
echo blank > 'with space.txt'
echo dot > .dotfile
printf '#!/bin/sh\necho hi\n' > script.sh
chmod 755 script.sh
mkdir -p dir/sub links
echo x > dir/x
echo y > dir/y
echo z > dir/sub/z
touch dir/.hidden dir/big.log
ln -s ../a.txt links/up
ln -s /etc/passwd links/absolute
ln -s nowhere links/dangling
echo secret > secret.txt
echo kept > secret-kept.txt
# the order matters: the times below are the archive's too
mkdir t
echo in > t/in
mkdir t/deep
echo far > t/deep/far
ln -s in t/link
ln t/in t/again
chmod 640 t/in
chmod 2750 t/deep
chown -h 12:34 t/in t/deep
find t -exec touch -h -d @1100000000 {} +
tar --sort=name --numeric-owner -C t -czf archive.tar.gz .
cp archive.tar.gz archive-without-suffix
echo not an archive > text.tar.gz
rm -r t
printf 'secret*\n!secret-kept.txt\n**/*.log\n' > .dockerignore
chmod 700 dir/sub
chmod 600 dir/y
find . -exec touch -h -d @1000000000 {} +
find dir/sub -exec touch -h -d @1000000001 {} +
