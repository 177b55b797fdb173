using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using TorchSharp;

namespace LoRA.MLNet.Torch;

/// <summary>
/// The native libtorch behind TorchSharp. TorchSharp blames a missing package whatever the cause; here the system loader is
/// asked, and its answer is put into words.
/// </summary>
internal static partial class TorchRuntime
{
    private const string Packages = "TorchSharp-cpu, TorchSharp-cuda-windows or TorchSharp-cuda-linux";

    private static readonly Lock Gate = new();
    private static bool loaded;

    /// <summary>Loads libtorch, once; everything that trains calls it before its first tensor.</summary>
    /// <exception cref="DllNotFoundException">It cannot be loaded; the message says which file, why, and what to do.</exception>
    public static void EnsureLoaded()
    {
        lock (Gate)
        {
            if (loaded)
            {
                return;
            }

            try
            {
                torch.InitializeDeviceType(DeviceType.CPU);
                loaded = true;
            }
            catch (Exception error) when (error is TypeInitializationException or NotSupportedException or DllNotFoundException)
            {
                throw new DllNotFoundException(Diagnose(SearchFolders(), error.GetBaseException().Message), error);
            }
        }
    }

    /// <summary>Why the library in the first of the folders that holds one does not load.</summary>
    internal static string Diagnose(IEnumerable<string> folders, string torchSharpMessage)
    {
        var file = folders.Select(folder => Path.Combine(folder, LibraryName)).FirstOrDefault(File.Exists);
        if (file is null)
        {
            return $"{LibraryName} was not found beside the application. Reference the package {Packages} in the application's " +
                $"project. TorchSharp says: {FirstLine(torchSharpMessage)}";
        }

        try
        {
            NativeLibrary.Load(file);
            return $"'{file}' loads, but TorchSharp cannot use it. TorchSharp says: {FirstLine(torchSharpMessage)}";
        }
        catch (Exception error) when (error is DllNotFoundException or BadImageFormatException)
        {
            return Explain(file, error.Message.TrimEnd().Split('\n')[^1]);
        }
    }

    /// <summary>Puts what the system loader says about a library, a line, into words.</summary>
    internal static string Explain(string file, string loaderMessage)
    {
        if (MissingVersion().Match(loaderMessage) is { Success: true } version)
        {
            return $"'{file}' needs version {version.Groups[1].Value} of a system library, and this system's is older. Build the " +
                "application with the targets of the LoRA.MLNet package (do not exclude buildTransitive assets, do not set " +
                $"LoraWeakenTorchSharp=false), or install a newer libstdc++. The loader says: {loaderMessage}";
        }

        if (MissingLibrary().Match(loaderMessage) is { Success: true } library)
        {
            return $"'{file}' needs {library.Groups[1].Value}, which was not found. Reference the package {Packages} in the " +
                $"application's project, in the version of TorchSharp. The loader says: {loaderMessage}";
        }

        return $"'{file}' cannot be loaded. Restore and build again; if that does not help, is it made for this system " +
            $"({RuntimeInformation.RuntimeIdentifier})? The loader says: {loaderMessage}";
    }

    private static string LibraryName => OperatingSystem.IsWindows() ? "LibTorchSharp.dll"
        : OperatingSystem.IsMacOS() ? "libLibTorchSharp.dylib" : "libLibTorchSharp.so";

    private static IEnumerable<string> SearchFolders()
    {
        var system = OperatingSystem.IsWindows() ? "win" : OperatingSystem.IsMacOS() ? "osx" : "linux";
        var architecture = RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant();
        var native = AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") as string ?? "";
        return
        [
            Path.Combine(AppContext.BaseDirectory, "runtimes", $"{system}-{architecture}", "native"),
            AppContext.BaseDirectory,
            .. native.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries),
        ];
    }

    private static string FirstLine(string text) => text.Split('\n', 2)[0].Trim();

    [GeneratedRegex(@"version `([^']+)' not found")]
    private static partial Regex MissingVersion();

    [GeneratedRegex(@"(?:^|\s)(\S+): cannot open shared object file")]
    private static partial Regex MissingLibrary();
}
