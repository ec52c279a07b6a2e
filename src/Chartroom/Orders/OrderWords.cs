using System.Globalization;
using System.Text.RegularExpressions;

namespace Chartroom.Orders;

/// <summary>Orders in words, and what was just done with one. Travels in the address as a word, an id and a number: nothing about anybody.</summary>
internal static partial class OrderWords
{
    public static string Of(OrderKind kind) => kind switch
    {
        OrderKind.Medicine => "Medicine",
        OrderKind.Test => "Test",
        OrderKind.Imaging => "Imaging",
        OrderKind.FollowUp => "Follow-up",
        OrderKind.Referral => "Referral",
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    public static string IconOf(OrderKind kind) => kind switch
    {
        OrderKind.Medicine => "pill",
        OrderKind.Test => "flask",
        OrderKind.Imaging => "eye",
        OrderKind.FollowUp => "calendar",
        OrderKind.Referral => "user-plus",
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    public static string Day(DateTimeOffset at, string zone) => ClinicTime.Local(at, zone).ToString("MMM d, yyyy", CultureInfo.InvariantCulture);

    /// <summary>Where a button leads back to, a page of ours that shows orders; null for anything else.</summary>
    public static string? Back(string? path) => path is not null && Known().IsMatch(path) ? path : null;

    /// <summary>What the next page says; null for anything that is not a word of ours.</summary>
    public static (string Text, OrderId? Undo, int Version)? Done(HttpRequest request) => (string?)request.Query["order"] switch
    {
        "placed" => ("Order placed.", null, 0),
        "proposals" => ("Orders placed. They stand at the visit and in the chart.", null, 0),
        "none" => ("Nothing was ordered. What was proposed is kept with your decisions.", null, 0),
        "reopened" => ("The order is open again.", null, 0),
        "done" or "cancelled" when OrderId.TryParse(request.Query["on"], out var id) && int.TryParse(request.Query["v"], CultureInfo.InvariantCulture, out var version) =>
            (request.Query["order"] == "done" ? "Order done." : "Order cancelled.", id, version),
        _ => null,
    };

    [GeneratedRegex("^/(visits/[0-9a-f-]{36}|patients/[0-9a-f-]{36}/chart)$")]
    private static partial Regex Known();
}
