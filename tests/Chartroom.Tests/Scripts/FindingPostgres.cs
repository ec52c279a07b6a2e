using System.Diagnostics;
using Chartroom.Rules;

namespace Chartroom.Scripts;

/// <summary>Which PostgreSQL <c>./run</c> takes on a machine that has several: <c>scripts/install.sh</c> on a made-up machine.</summary>
public sealed class FindingPostgres : IDisposable
{
    private readonly string machine = Directory.CreateTempSubdirectory("machine-").FullName;

    [Theory]
    [InlineData("15", "", "15"), InlineData("17", "", "17"), InlineData("18", "", "18")]
    [InlineData("9.6 15 16 17 18", "", "18")]     // the newest by number, not by letter
    [InlineData("15 18", "15", "15")]             // the cluster that is there keeps its version
    [InlineData("15 16 18", "16", "16")]
    [InlineData("16 18", "15", "none"), InlineData("13 14", "", "none"), InlineData("", "", "none")]
    public async Task The_newest_is_taken_for_a_new_cluster_and_its_own_for_one_that_is_there(string installed, string wanted, string taken)
    {
        foreach (var version in installed.Split(' ', StringSplitOptions.RemoveEmptyEntries)) Install($"usr/lib/postgresql/{version}", version);

        Assert.Equal(taken, await FindAsync(wanted));
    }

    [Fact]
    public async Task Packages_of_either_kind_are_compared_by_version()
    {
        Install("usr/pgsql-15", "15");
        Install("usr/lib/postgresql/16", "16");

        Assert.Equal("16", await FindAsync(""));
        Assert.Equal("15", await FindAsync("15"));
    }

    [Theory]
    [InlineData("lib/postgresql/18/bin/initdb"), InlineData("lib/postgresql/18/bin/psql"), InlineData("lib/postgresql/18/bin/postgres")]
    [InlineData("share/postgresql/18/extension/btree_gist.control")]   // contrib is missing
    public async Task One_that_is_not_whole_is_passed_over(string missing)
    {
        Install("usr/lib/postgresql/17", "17");
        Install("usr/lib/postgresql/18", "18");
        File.Delete(Path.Combine(machine, "usr", missing));

        Assert.Equal("17", await FindAsync(""));
    }

    public void Dispose() => Directory.Delete(machine, recursive: true);

    private void Install(string folder, string version)
    {
        var (programs, extensions) = (Path.Combine(machine, folder, "bin"), Path.Combine(machine, "usr/share/postgresql", version, "extension"));
        Directory.CreateDirectory(programs);
        Directory.CreateDirectory(extensions);
        File.WriteAllText(Path.Combine(extensions, "btree_gist.control"), "");
        foreach (var name in new[] { "postgres", "initdb", "psql" })
        {
            var path = Path.Combine(programs, name);
            File.WriteAllText(path, $"#!/bin/sh\necho 'postgres (PostgreSQL) {version}.3 (Debian {version}.3-1)'\n");
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    /// <summary>The major version of the programs that were found.</summary>
    private async Task<string> FindAsync(string wanted)
    {
        var start = new ProcessStartInfo("bash") { WorkingDirectory = SourceTree.Root, RedirectStandardOutput = true };
        foreach (var word in new[] { "-euo", "pipefail", "-c", """source scripts/lib.sh; source scripts/install.sh; system="$1"; if find_postgres "$2"; then "$pg_bin/postgres" --version | grep -oE '[0-9]+' | head -n 1; else echo none; fi""", "_", machine, wanted })
            start.ArgumentList.Add(word);
        using var bash = Process.Start(start) ?? throw new InvalidOperationException("No bash.");
        var found = await bash.StandardOutput.ReadToEndAsync();
        await bash.WaitForExitAsync();
        return found.Trim();
    }
}
