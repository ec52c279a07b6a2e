namespace Chartroom; internal static class Placeholder;
