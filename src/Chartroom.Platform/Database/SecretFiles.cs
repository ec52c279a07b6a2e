namespace Chartroom.Platform.Database;

/// <summary>Small files that only the program's own user may read: directory 700, file 600.</summary>
public static class SecretFiles
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Makes the directory when it is not there.</summary>
    public static void EnsureDirectory(string directory)
    {
        if (!Directory.Exists(directory)) Directory.CreateDirectory(directory, OwnerOnly | UnixFileMode.UserExecute);
    }

    /// <summary>The file's text; made first when it is not there. Two processes that start at once agree: the first to create it wins, whole.</summary>
    public static string ReadOrMake(string path, Func<string> make)
    {
        if (File.Exists(path)) return Read(path);
        var draft = $"{path}.{Environment.ProcessId}.{Guid.CreateVersion7():N}";
        using (var file = new FileStream(draft, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = OwnerOnly }))
        using (var writer = new StreamWriter(file))
        {
            writer.Write(make());
            writer.Flush();
            file.Flush(flushToDisk: true);
        }
        try
        {
            File.Move(draft, path, overwrite: false);
        }
        catch (IOException) when (File.Exists(path))
        {
            File.Delete(draft);
        }
        return Read(path);
    }

    private static string Read(string path)
    {
        if ((File.GetUnixFileMode(path) & ~OwnerOnly) != 0)
            throw new InvalidOperationException($"{path} must be readable by its owner only: chmod 600 {path}");
        return File.ReadAllText(path).Trim();
    }
}
