# Two stages: compile, then only what runs. `docker build -t pilcrow . && docker run -p 8080:8080 -v pilcrow:/data pilcrow`

FROM debian:bookworm-slim AS build
RUN apt-get update && apt-get install -y --no-install-recommends gcc libc6-dev make
WORKDIR /src
COPY .ci/require.sh .ci/
RUN .ci/require.sh build
COPY . .
RUN make -j"$(nproc)" WERROR=1 all && make install DESTDIR=/out PREFIX=/usr

FROM debian:bookworm-slim
RUN apt-get update \
    && apt-get install -y --no-install-recommends libmicrohttpd12 libjansson4 libsqlite3-0 libutf8proc2 libsodium23 \
       zlib1g libbrotli1 libzstd1 libinih1 libseccomp2 \
    && rm -rf /var/lib/apt/lists/* \
    && groupadd --gid 10001 pilcrow \
    && useradd --uid 10001 --gid 10001 --home-dir /data --no-create-home --shell /usr/sbin/nologin pilcrow \
    && install -d -o pilcrow -g pilcrow /data
COPY --from=build /out/usr/ /usr/
USER 10001:10001
WORKDIR /data
VOLUME /data
ENV PILCROW_DB=/data/pilcrow.db PILCROW_LISTEN=0.0.0.0:8080
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=4s CMD ["pilcrow", "healthcheck"]
ENTRYPOINT ["pilcrow"]
CMD ["serve"]
