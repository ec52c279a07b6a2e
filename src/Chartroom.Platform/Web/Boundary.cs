using System.Diagnostics;
using Chartroom.Platform.Tenancy;
using Chartroom.Platform.Vault;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Chartroom.Platform.Web;

/// <summary>Renders a refusal as a page for people; registered by the shell. Programs always get problem details.</summary>
public delegate IResult RefusalPage(HttpContext context, Refusal refusal);

/// <summary>The request boundary: one of the two places that catch everything. What nobody foresaw is answered as 500 with a trace id and nothing else.</summary>
public sealed class Boundary(RequestDelegate next, ILogger<Boundary> log)
{
    /// <summary>The role lacks the permission.</summary>
    public static readonly Refusal Forbidden = new("platform.forbidden", 403, "Your role does not allow this. Ask an administrator of your clinic.");

    /// <summary>ACC-12. The fact <c>patientId</c> tells for whom the glass may be broken.</summary>
    public static readonly Refusal ChartRestricted = new("charts.restricted", 403, "This chart opens for its care team only. In an emergency you can open it for 60 minutes, with a reason.");

    /// <summary>The request cannot be read.</summary>
    public static readonly Refusal Unreadable = new("platform.unreadable", 400, "The request could not be read. Check its form and try again.");

    /// <summary>The request is larger than allowed here.</summary>
    public static readonly Refusal TooLarge = new("platform.too-large", 413, "That is larger than is allowed here.");

    /// <summary>A bug or an outage.</summary>
    public static readonly Refusal Failed = new("platform.failed", 500, "Something went wrong on our side. Nothing was saved. Try again, and name the trace id if it stays.");

    /// <summary>The database cannot be reached.</summary>
    public static readonly Refusal Unavailable = new("platform.unavailable", 503, "The database cannot be reached at the moment. Nothing was saved. Try again shortly.");

    /// <summary>The key-management service does not answer and the keys held in memory are too old.</summary>
    public static readonly Refusal KeysUnavailable =
        new("vault.kms-unavailable", 503, "The service that guards the keys cannot be reached. Nothing was read or saved. Try again shortly.");

    /// <summary>Middleware.</summary>
    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // the client went away; there is nobody to answer
        }
        catch (ConnectionResetException)
        {
            // the connection was cut while the request was still coming in
        }
        catch (Exception error)
        {
            if (context.Response.HasStarted) throw;
            var refusal = RefusalFor(error);
            if (refusal.Status >= 500) log.RequestFailed(error.GetType().Name, (error as PostgresException)?.SqlState, Activity.Current?.TraceId.ToString() ?? context.TraceIdentifier, WhereOf(error));
            context.Response.Clear();
            await AnswerAsync(context, refusal);
        }
    }

    /// <summary>Answers a refusal by the door the request came through.</summary>
    public static Task AnswerAsync(HttpContext context, Refusal refusal)
    {
        SetRetryAfter(context, refusal);
        var page = Problems.IsApi(context) ? null : context.RequestServices.GetService<RefusalPage>();
        return (page?.Invoke(context, refusal) ?? refusal.ToHttp()).ExecuteAsync(context);
    }

    /// <summary>Says when to come again, if the refusal knows.</summary>
    public static void SetRetryAfter(HttpContext context, Refusal refusal)
    {
        if (refusal.Facts.TryGetValue("retryAfterSeconds", out var seconds)) context.Response.Headers.RetryAfter = seconds.ToString();
    }

    private static Refusal RefusalFor(Exception error) => error switch
    {
        ForbiddenException => Forbidden,
        KmsUnavailableException => KeysUnavailable,
        ChartShutException shut => ChartRestricted.With("patientId", shut.Patient.Value),
        RepeatedRequestException => KeptAnswers.InProgress,
        BadHttpRequestException { StatusCode: 413 } => TooLarge,
        BadHttpRequestException or InvalidDataException => Unreadable,
        PostgresException { SqlState: PostgresErrorCodes.InsufficientPrivilege } => Forbidden,
        PostgresException { SqlState: "57P01" or "57P02" or "57P03" or "53300" } => Unavailable,
        PostgresException => Failed,
        NpgsqlException => Unavailable,
        _ => Failed,
    };

    /// <summary>Type and method where it was thrown: code, never data. The message stays out, it may hold values.</summary>
    private static string WhereOf(Exception error)
    {
        var frames = new StackTrace(error, fNeedFileInfo: false).GetFrames();
        return string.Join(" < ", frames.Select(frame => frame.GetMethod()).Where(it => it?.DeclaringType?.FullName?.StartsWith("Chartroom", StringComparison.Ordinal) == true)
            .Take(4).Select(it => $"{it!.DeclaringType!.FullName}.{it.Name}"));
    }
}
