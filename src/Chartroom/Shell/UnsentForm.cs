using Chartroom.Platform.Identity;
using Chartroom.Platform.Web;

namespace Chartroom.Shell;

/// <summary>
/// A form that arrived after its session had ended, from a browser that runs no script: it is given back, hidden in a page, to be sent once
/// more after signing in. Nothing of it is stored. Passwords, codes and files are left out: they have to be given again.
/// </summary>
internal sealed record UnsentForm(string Action, IReadOnlyList<KeyValuePair<string, string>> Fields)
{
    internal static async Task<UnsentForm?> OfAsync(HttpRequest request, CancellationToken ct)
    {
        if (!HttpMethods.IsPost(request.Method) || !request.HasFormContentType || Bodies.IsStreamed(request.HttpContext)) return null;
        var form = await Bodies.ReadFormAsync(request, ct);
        var fields = form.Where(field => !IsSecret(field.Key))
            .SelectMany(field => field.Value.Select(value => KeyValuePair.Create(field.Key, value ?? "")));
        return new(request.Path, [.. fields]);
    }

    private static bool IsSecret(string name) =>
        name.Contains("password", StringComparison.OrdinalIgnoreCase) || name.Equals("code", StringComparison.OrdinalIgnoreCase) || name == StepUpGate.Field;
}
