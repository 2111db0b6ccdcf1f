FROM base:1
CMD [ "a" , "b" ] 
ENTRYPOINT [ ]
CMD []
