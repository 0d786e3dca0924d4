package brume.compute.table;

import java.lang.reflect.Constructor;
import java.lang.reflect.RecordComponent;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.json.JsonMapper;

/// A table with a column for each component of a record: `cidrBlock` is `cidr_block`. The first
/// component is the key. Text, numbers, booleans and times have columns of their kind; everything
/// else is kept as `jsonb`.
public final class RecordTable<T extends Record> {
  private final JdbcClient database;
  private final JsonMapper json;
  private final Class<T> type;
  private final Constructor<T> constructor;
  private final List<Column> columns;
  private final String insert;
  private final String insertAll;
  private final String update;
  private final String select;
  private final String selectEach;
  private final String delete;
  private final String count;

  /// @param constants of an enum; empty for every other type
  private record Column(
      String name,
      Getter getter,
      Class<?> type,
      Map<String, Object> constants,
      @Nullable JavaType json) {}

  public RecordTable(JdbcClient database, JsonMapper json, String table, Class<T> type) {
    this.database = database;
    this.json = json;
    this.type = type;
    RecordComponent[] components = type.getRecordComponents();
    this.columns = Arrays.stream(components).map(component -> column(json, component)).toList();
    try {
      this.constructor =
          type.getDeclaredConstructor(
              Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new));
    } catch (NoSuchMethodException e) {
      throw new IllegalStateException("every record has its constructor", e);
    }
    constructor.setAccessible(true);
    String names = columns.stream().map(Column::name).collect(Collectors.joining(", "));
    this.insert =
        "INSERT INTO "
            + table
            + " ("
            + names
            + ") VALUES ("
            + columns.stream().map(RecordTable::placeholder).collect(Collectors.joining(", "))
            + ")";
    this.insertAll =
        "INSERT INTO "
            + table
            + " ("
            + names
            + ") SELECT * FROM unnest("
            + columns.stream()
                .map(column -> "?::text[]::" + sqlType(column) + "[]")
                .collect(Collectors.joining(", "))
            + ")";
    this.update =
        "UPDATE "
            + table
            + " SET "
            + columns.stream()
                .skip(1)
                .map(column -> column.name() + " = " + placeholder(column))
                .collect(Collectors.joining(", "))
            + " WHERE "
            + columns.getFirst().name()
            + " = ?";
    this.select = "SELECT " + names + " FROM " + table + " WHERE ";
    this.selectEach =
        "SELECT "
            + names
            + " FROM unnest(?::text[]) AS wanted(value) CROSS JOIN LATERAL (SELECT * FROM "
            + table
            + " WHERE %s = wanted.value OFFSET 0) AS found WHERE ";
    this.count = "SELECT count(*) FROM " + table + " WHERE ";
    this.delete = "DELETE FROM " + table + " WHERE ";
  }

  private static Column column(JsonMapper json, RecordComponent component) {
    Class<?> type = component.getType();
    boolean plain =
        type.isPrimitive()
            || type == String.class
            || type == Instant.class
            || type == Integer.class
            || type == Long.class
            || type == Boolean.class
            || type.isEnum();
    String name =
        component.getName().replaceAll("([A-Z])", "_$1").toLowerCase(java.util.Locale.ROOT);
    Map<String, Object> constants = new HashMap<>();
    if (type.isEnum()) {
      for (Object constant : type.getEnumConstants()) {
        constants.put(((Enum<?>) constant).name(), constant);
      }
    }
    return new Column(
        name,
        Getter.of(component),
        type,
        Map.copyOf(constants),
        plain ? null : json.constructType(component.getGenericType()));
  }

  private static String placeholder(Column column) {
    return column.json() == null ? "?" : "?::jsonb";
  }

  public void insert(T row) {
    JdbcClient.StatementSpec statement = database.sql(insert);
    for (int i = 0; i < columns.size(); i++) {
      statement = set(statement, i + 1, columns.get(i), row);
    }
    statement.update();
  }

  /// In one statement, however many they are.
  public void insertAll(Collection<T> rows) {
    if (!rows.isEmpty()) {
      all(rows, insertAll).update();
    }
  }

  /// @param unique a column of which each value is there once
  /// @return the keys of those whose value no other row has already
  public Set<String> insertAllUnlessTaken(Collection<T> rows, String unique) {
    String key = columns.getFirst().name();
    String sql = insertAll + " ON CONFLICT (" + unique + ") DO NOTHING RETURNING " + key;
    return rows.isEmpty()
        ? Set.of()
        : all(rows, sql).query((row, number) -> row.getString(1)).set();
  }

  /// Each column as an array of text, which has a form for every type that there is here.
  private JdbcClient.StatementSpec all(Collection<T> rows, String sql) {
    JdbcClient.StatementSpec statement = database.sql(sql);
    for (int i = 0; i < columns.size(); i++) {
      Column column = columns.get(i);
      @Nullable String[] values = new String[rows.size()];
      int number = 0;
      for (T row : rows) {
        values[number++] = text(column, column.getter().of(row));
      }
      statement = statement.param(i + 1, values);
    }
    return statement;
  }

  private @Nullable String text(Column column, @Nullable Object value) {
    if (value == null) {
      return null;
    }
    if (column.json() != null) {
      return json.writerFor(column.json()).writeValueAsString(value);
    }
    return value instanceof Enum<?> constant ? constant.name() : value.toString();
  }

  private static String sqlType(Column column) {
    Class<?> type = column.type();
    if (column.json() != null) {
      return "jsonb";
    }
    if (type == int.class || type == Integer.class) {
      return "integer";
    }
    if (type == long.class || type == Long.class) {
      return "bigint";
    }
    if (type == boolean.class || type == Boolean.class) {
      return "boolean";
    }
    return type == Instant.class ? "timestamptz" : "text";
  }

  /// Writes every column of the row with this key.
  public void update(T row) {
    JdbcClient.StatementSpec statement = database.sql(update);
    for (int i = 1; i < columns.size(); i++) {
      statement = set(statement, i, columns.get(i), row);
    }
    set(statement, columns.size(), columns.getFirst(), row).update();
  }

  private JdbcClient.StatementSpec set(
      JdbcClient.StatementSpec statement, int index, Column column, T row) {
    Object value = column.getter().of(row);
    if (column.json() != null) {
      String text = value == null ? null : json.writerFor(column.json()).writeValueAsString(value);
      return statement.param(index, text, Types.VARCHAR);
    }
    return switch (value) {
      case null -> statement.param(index, null, Types.NULL);
      case Instant time -> statement.param(index, time.atOffset(ZoneOffset.UTC));
      case Enum<?> constant -> statement.param(index, constant.name());
      default -> statement.param(index, value);
    };
  }

  /// @param where a condition with a `?` for each parameter
  public List<T> list(String where, Object... parameters) {
    return database.sql(select + where).params(parameters).query(this::row).list();
  }

  /// Those that have one of some values, each looked for by the column's index: of a table that
  /// grew quickly the database would rather read all that an account has, not knowing yet how much
  /// that is.
  ///
  /// @param column one with an index
  /// @param where a condition with a `?` for each parameter
  public List<T> listEach(String column, String[] values, String where, Object... parameters) {
    if (values.length == 0) {
      return List.of();
    }
    return database
        .sql(selectEach.formatted(column) + where)
        .param(values)
        .params(parameters)
        .query(this::row)
        .list();
  }

  public Optional<T> find(String where, Object... parameters) {
    return database.sql(select + where).params(parameters).query(this::row).optional();
  }

  public int count(String where, Object... parameters) {
    return database.sql(count + where).params(parameters).query(Integer.class).single();
  }

  public int delete(String where, Object... parameters) {
    return database.sql(delete + where).params(parameters).update();
  }

  private T row(ResultSet row, int number) throws SQLException {
    @Nullable Object[] values = new Object[columns.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = read(row, i + 1, columns.get(i));
    }
    try {
      return constructor.newInstance(values);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("a row is no " + type, e);
    }
  }

  private @Nullable Object read(ResultSet row, int index, Column column) throws SQLException {
    if (column.json() != null) {
      String text = row.getString(index);
      return text == null ? null : json.readValue(text, column.json());
    }
    Class<?> wanted = column.type();
    if (wanted == Instant.class) {
      OffsetDateTime time = row.getObject(index, OffsetDateTime.class);
      return time == null ? null : time.toInstant();
    }
    if (wanted.isEnum()) {
      String text = row.getString(index);
      return text == null ? null : Objects.requireNonNull(column.constants().get(text), text);
    }
    Object value = row.getObject(index);
    if (value instanceof Integer number && (wanted == long.class || wanted == Long.class)) {
      return number.longValue();
    }
    return value;
  }
}
