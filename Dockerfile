# Two stages: compile, then only what runs.
#     docker build -t pilcrow . && docker run -p 8080:8080 -v pilcrow:/data pilcrow
# It needs no privileges and writes to /data alone:
#     docker run --read-only --cap-drop=all --security-opt no-new-privileges -p 8080:8080 -v pilcrow:/data pilcrow
# Not one static file FROM scratch: Debian has libmicrohttpd.a, but its GnuTLS cannot be linked statically (there is no
# libp11-kit.a), and building our own libraries would be one more thing to keep patched.

FROM debian:bookworm-slim AS build
RUN apt-get update && apt-get install -y --no-install-recommends gcc libc6-dev make
WORKDIR /src
COPY .ci/require.sh .ci/
RUN .ci/require.sh build
COPY . .
RUN make -j"$(nproc)" WERROR=1 all && make install DESTDIR=/out PREFIX=/usr && strip /out/usr/bin/pilcrow

FROM debian:bookworm-slim
RUN apt-get update \
    && apt-get install -y --no-install-recommends libmicrohttpd12 libjansson4 libsqlite3-0 libutf8proc2 libsodium23 \
       zlib1g libbrotli1 libzstd1 libinih1 libseccomp2 libgnutls30 \
    && rm -rf /var/lib/apt/lists/* /var/cache/apt/* /var/cache/debconf/* /var/log/* \
    && groupadd --gid 10001 pilcrow \
    && useradd --uid 10001 --gid 10001 --home-dir /data --no-create-home --shell /usr/sbin/nologin pilcrow \
    && install -d -o pilcrow -g pilcrow /data
COPY --from=build /out/usr/ /usr/
USER 10001:10001
WORKDIR /data
VOLUME /data
# `docker stop` kills after 10 s: what is still open then has been cut before.
# Long imports wait in a file without a name, in TMPDIR.
ENV PILCROW_DB=/data/pilcrow.db PILCROW_LISTEN=0.0.0.0:8080 PILCROW_DRAIN_TIMEOUT=8 TMPDIR=/data
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=4s --start-period=30s CMD ["pilcrow", "healthcheck"]
LABEL org.opencontainers.image.title="Pilcrow" org.opencontainers.image.licenses="MIT"
ENTRYPOINT ["pilcrow"]
CMD ["serve"]
