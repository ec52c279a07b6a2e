using System.Runtime.InteropServices;

namespace Chartroom.Platform.Database;

/// <summary>Small files that only the program's own user may read: directory 700, file 600.</summary>
public static partial class SecretFiles
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const int AlreadyThere = 17;   // EEXIST

    /// <summary>Makes the directory when it is not there.</summary>
    public static void EnsureDirectory(string directory)
    {
        if (!Directory.Exists(directory)) Directory.CreateDirectory(directory, OwnerOnly | UnixFileMode.UserExecute);
    }

    /// <summary>The file's text; made first when it is not there. Two processes that start at once agree: the first to create it wins, whole.</summary>
    public static string ReadOrMake(string path, Func<string> make)
    {
        if (File.Exists(path)) return Read(path);
        var draft = Draft(path, make());
        // Not File.Move: it looks whether the file is there and then renames, so two that start at once may each have read a secret of their own.
        if (Link(draft, path) != 0 && Marshal.GetLastPInvokeError() != AlreadyThere)
            throw new IOException($"{path} could not be made: {Marshal.GetLastPInvokeErrorMessage()}");
        File.Delete(draft);
        return Read(path);
    }

    /// <summary>Another text in the file's place: whoever reads it has the one or the other, whole, also after a power cut.</summary>
    public static void Replace(string path, string text) => File.Move(Draft(path, text), path, overwrite: true);

    /// <summary>Held while the file is changed; whoever else wants to change it is refused with an <see cref="IOException"/>.</summary>
    public static IDisposable Lock(string path) =>
        new FileStream(path + ".lock", new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.None, UnixCreateMode = OwnerOnly });

    private static string Draft(string path, string text)
    {
        var draft = $"{path}.{Environment.ProcessId}.{Guid.CreateVersion7():N}";
        using var file = new FileStream(draft, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = OwnerOnly });
        using var writer = new StreamWriter(file);
        writer.Write(text);
        writer.Flush();
        file.Flush(flushToDisk: true);
        return draft;
    }

    /// <summary>link(2): gives a file a second name unless that name is taken, in one step.</summary>
    [LibraryImport("libc", EntryPoint = "link", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Link(string from, string to);

    /// <summary>A file that the operator made; refused when others may read it.</summary>
    public static string ReadOnly(string path) => Read(path);

    private static string Read(string path)
    {
        if ((File.GetUnixFileMode(path) & ~OwnerOnly) != 0)
            throw new InvalidOperationException($"{path} must be readable by its owner only: chmod 600 {path}");
        return File.ReadAllText(path).Trim();
    }
}
