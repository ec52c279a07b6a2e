using System.Globalization;
using Chartroom.Platform.Identity;

namespace Chartroom.Notes;

/// <summary>Days and times on these pages, on the clinic's clock.</summary>
internal static class NoteDays
{
    public static string At(DateTimeOffset instant, HttpContext http) =>
        ClinicTime.Local(instant, http.Features.Get<SignedIn>()?.TimeZone ?? "UTC").ToString("MMM d, yyyy, HH:mm", CultureInfo.InvariantCulture);
}
