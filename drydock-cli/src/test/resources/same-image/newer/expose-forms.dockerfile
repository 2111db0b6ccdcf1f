# EXPOSE: ranges, protocols in any case, addresses and host ports left out; sorted per instruction.
FROM base:1
EXPOSE 443 80 80/UDP
EXPOSE 7000-7002/tcp 9/sctp
EXPOSE 127.0.0.1:8080:81 8081:82/udp
