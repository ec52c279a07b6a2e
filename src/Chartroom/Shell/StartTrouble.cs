using System.Net.Sockets;
using Chartroom.Keys;
using Chartroom.Platform;
using Chartroom.Platform.Tenancy;
using Npgsql;

namespace Chartroom.Shell;

/// <summary>What keeps the program from starting and is the operator's to mend, in a sentence instead of a stack trace. Everything else rises.</summary>
internal static class StartTrouble
{
    /// <summary>What is wrong and what to do, or null for a fault of ours.</summary>
    internal static string? WordsFor(Exception error) => error switch
    {
        WrongSettingException wrong => wrong.Message,
        CatalogueException apart => apart.Message,
        TombstoneException list => list.Message,
        PostgresException { SqlState: "28P01" or "28000" } refused =>
            $"The database does not let the login in ({refused.MessageText}). Check user and password in ConnectionStrings__Postgres, and that pg_hba.conf lets both that user and chartroom_app in by password.",
        PostgresException { SqlState: PostgresErrorCodes.InvalidCatalogName } missing =>
            $"The database is not there ({missing.MessageText}). Create it, owned by the login of ConnectionStrings__Postgres: create database chartroom owner …",
        PostgresException { SqlState: PostgresErrorCodes.InsufficientPrivilege } denied =>
            $"The login of ConnectionStrings__Postgres has too few rights ({denied.MessageText}). It must own the database and have CREATEROLE: alter role … createrole; alter database … owner to …",
        PostgresException { SqlState: PostgresErrorCodes.FeatureNotSupported or "58P01" } lacking => $"The database server lacks something: {lacking.MessageText}.",
        PostgresException { SqlState: PostgresErrorCodes.TooManyConnections } => "The database server takes no more connections. Raise its max_connections, or lower Chartroom__MaxConnections.",
        PostgresException { SqlState: PostgresErrorCodes.CannotConnectNow or PostgresErrorCodes.AdminShutdown } => "The database server is starting or stopping. Try again in a moment.",
        NpgsqlException { InnerException: (SocketException or TimeoutException) and { } reason } =>
            $"The database cannot be reached ({reason.Message}). Check Host and Port in ConnectionStrings__Postgres, and that the server runs.",
        _ => null,
    };
}
