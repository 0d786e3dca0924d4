# One image for all services; docker-compose.yml says which one a container runs.
# Node.js only for the console's bundle; nothing of it is in the image that runs.
FROM node:22-slim AS node

FROM eclipse-temurin:25-jdk AS build
COPY --from=node /usr/local/bin/node /usr/local/bin/node
COPY --from=node /usr/local/lib/node_modules /usr/local/lib/node_modules
RUN ln -s ../lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm
WORKDIR /src
COPY . .
RUN ./mvnw -B -ntp -DskipTests -Dspotless.check.skip=true -pl standalone -am package

FROM eclipse-temurin:25-jre
# Folders that volumes are mounted on: a new volume takes their owner.
RUN useradd --system --uid 10001 --create-home --home-dir /var/lib/brume brume \
  && install --directory --owner brume --group brume /var/cache/brume
COPY --from=build /src/standalone/target/lib /opt/brume/lib
USER brume
WORKDIR /var/lib/brume
ENTRYPOINT ["java", "--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow", \
  "-XX:+UseSerialGC", "-XX:-UseOnStackReplacement", \
  "-Xms64m", "-XX:-ShrinkHeapInSteps", "-XX:MinHeapFreeRatio=10", "-XX:MaxHeapFreeRatio=20", \
  "-XX:MarkSweepDeadRatio=0", "-XX:TrimNativeHeapInterval=5000", "-XX:PerMethodTrapLimit=0", "-cp", "/opt/brume/lib/*"]
