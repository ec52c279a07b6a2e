using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Chartroom.Platform.Database;

namespace Chartroom.Keys;

/// <summary>A patient whose key was destroyed.</summary>
internal sealed record Tombstone(ClinicId Clinic, PatientId Patient, DateTimeOffset At);

/// <summary>
/// The list of destroyed keys outside the database, so that a restore does not bring back what was destroyed. Append-only, on the disk before it answers; a line is
/// <c>number time clinic patient chain</c>, where the chain is SHA-256 over the chain before and the line, so that an edit or a gap shows. Ids only, no PHI beyond them.
/// Several nodes name one file on a disk they share.
/// </summary>
internal sealed class TombstoneList(KeySettings settings, PlatformOptions options)
{
    private static readonly string Start = new('0', 64);

    /// <summary>Where it is.</summary>
    public string Path => settings.TombstoneFile ?? System.IO.Path.Combine(options.DataDirectory, "tombstones", "list");

    /// <summary>False when there is no such file.</summary>
    public bool IsThere => File.Exists(Path);

    /// <summary>An empty one, unless it is there.</summary>
    public void Make()
    {
        SecretFiles.EnsureDirectory(System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(Path))!);   // a file has a directory
        using var file = Open(FileAccess.ReadWrite);
    }

    /// <summary>All of it, in order.</summary>
    /// <exception cref="TombstoneException">A line was edited or is missing.</exception>
    public IReadOnlyList<Tombstone> Read()
    {
        if (!File.Exists(Path)) return [];
        using var file = Open(FileAccess.Read);
        return Read(file).Stones;
    }

    /// <summary>Adds one unless it is there.</summary>
    public void Add(Tombstone stone)
    {
        SecretFiles.EnsureDirectory(System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(Path))!);   // a file has a directory
        using var file = Open(FileAccess.ReadWrite);
        var (stones, chain) = Read(file);
        if (stones.Any(it => it.Patient == stone.Patient && it.Clinic == stone.Clinic)) return;
        file.SetLength(file.Position);
        var words = string.Create(CultureInfo.InvariantCulture, $"{stones.Count + 1} {stone.At:O} {stone.Clinic} {stone.Patient}");
        file.Write(Encoding.ASCII.GetBytes($"{words} {Chain(chain, words)}\n"));
        file.Flush(flushToDisk: true);
    }

    private FileStream Open(FileAccess access) => new(Path, new FileStreamOptions
    {
        Mode = access == FileAccess.Read ? FileMode.Open : FileMode.OpenOrCreate, Access = access, Share = access == FileAccess.Read ? FileShare.ReadWrite : FileShare.Read,
        UnixCreateMode = access == FileAccess.Read ? null : UnixFileMode.UserRead | UnixFileMode.UserWrite,
    });

    /// <summary>Leaves the file at the end of its last whole line: what follows was cut off by a crash before anything was destroyed.</summary>
    private (List<Tombstone> Stones, string Chain) Read(FileStream file)
    {
        var bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        var whole = Encoding.ASCII.GetString(bytes, 0, bytes.AsSpan().LastIndexOf((byte)'\n') + 1);
        var (stones, chain) = (new List<Tombstone>(), Start);
        foreach (var line in whole.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var (words, end) = (line[..Math.Max(0, line.LastIndexOf(' '))], line[(line.LastIndexOf(' ') + 1)..]);
            chain = Chain(chain, words);
            if (chain != end || words.Split(' ') is not [_, var at, var clinic, var patient])
                throw new TombstoneException($"Line {stones.Count + 1} of the list of destroyed keys, {Path}, was altered, or a line before it is missing. Put the newest whole copy back.");
            stones.Add(new(new(Guid.Parse(clinic)), new(Guid.Parse(patient)), DateTimeOffset.Parse(at, CultureInfo.InvariantCulture)));
        }
        file.Position = whole.Length;
        return (stones, chain);
    }

    private static string Chain(string before, string words) => Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes($"{before} {words}")));
}

/// <summary>The list of destroyed keys is not what it must be: the program does not start. Its message says what to do.</summary>
internal sealed class TombstoneException(string message) : InvalidOperationException(message);
