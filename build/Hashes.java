import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * Checks that the jars of a module's class path and, where Maven listed them, of the build's
 * plugins are those whose hashes are recorded; "lock" records them.
 *
 * <p>The lines of the record are those of {@code sha256sum}, relative to Maven's local repository.
 * Arguments: check or lock, the record, the local repository, the list of plugins, the class path.
 */
void main(String[] arguments) throws IOException {
  boolean lock = arguments[0].equals("lock");
  Path record = Path.of(arguments[1]);
  Path repository = Path.of(arguments[2]).toAbsolutePath().normalize();
  Path plugins = Path.of(arguments[3]);
  boolean isRoot = Files.exists(plugins); // the first module of a build, the only one with a list
  SortedSet<Path> jars = new TreeSet<>();
  for (String entry : arguments[4].split(File.pathSeparator)) {
    jars.add(Path.of(entry).toAbsolutePath().normalize());
  }
  if (isRoot) {
    for (String line : Files.readAllLines(plugins)) {
      int start = line.indexOf(repository.toString());
      if (start >= 0) {
        jars.add(Path.of(line.substring(start).strip()));
      }
    }
  }
  SortedMap<String, String> known = isRoot && lock ? new TreeMap<>() : read(record);
  List<String> wrong = new ArrayList<>();
  for (Path jar : jars) {
    if (!jar.startsWith(repository) || jar.startsWith(repository.resolve("dev/fluxion"))) {
      continue; // a module of this build
    }
    String name = repository.relativize(jar).toString().replace(File.separatorChar, '/');
    String hash = hash(jar);
    String expected = lock ? hash : known.get(name);
    if (expected == null) {
      wrong.add("%s has no recorded hash".formatted(name));
    } else if (!expected.equals(hash)) {
      wrong.add("%s has the hash %s, recorded is %s".formatted(name, hash, expected));
    }
    known.put(name, hash);
  }
  if (lock) {
    StringBuilder lines = new StringBuilder();
    known.forEach((name, hash) -> lines.append(hash).append("  ").append(name).append('\n'));
    Files.writeString(record, lines);
  } else if (!wrong.isEmpty()) {
    IO.println("What Maven resolved is not what %s records:".formatted(record.getFileName()));
    wrong.forEach(line -> IO.println("  " + line));
    IO.println("If dependencies or plugins were changed on purpose: mvn -q compile -Dhashes=lock");
    IO.println("If not, the files in the local repository are not the ones they should be.");
    System.exit(1);
  }
}

SortedMap<String, String> read(Path record) throws IOException {
  SortedMap<String, String> hashes = new TreeMap<>();
  if (Files.exists(record)) {
    for (String line : Files.readAllLines(record)) {
      String[] words = line.split("  ", 2);
      hashes.put(words[1], words[0]);
    }
  }
  return hashes;
}

String hash(Path file) throws IOException {
  try {
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
      in.transferTo(OutputStream.nullOutputStream());
    }
    return HexFormat.of().formatHex(digest.digest());
  } catch (NoSuchAlgorithmException e) {
    throw new IllegalStateException(e);
  }
}
