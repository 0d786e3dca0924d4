# One image for all services; docker-compose.yml says which one a container runs.
FROM eclipse-temurin:25-jdk AS build
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
  "-XX:-ShrinkHeapInSteps", "-XX:MinHeapFreeRatio=20", "-XX:MaxHeapFreeRatio=40", \
  "-XX:PerMethodTrapLimit=0", "-cp", "/opt/brume/lib/*"]
