// libnvrtc.so.12 for the processor: g++ compiles, and the machine code is the name of a library.
//
// FOLDER is where it works; prelude.h and libcuda.so.1 lie there.
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <string>

struct Program {
    std::string source, log, path;
};

static int number;

extern "C" {
int nvrtcCreateProgram(Program **program, const char *source, const char *, int, void *, void *) {
    *program = new Program{source, "", ""};
    return 0;
}

int nvrtcCompileProgram(Program *program, int count, const char **options) {
    std::string base = std::string(FOLDER "/program-") + std::to_string(++number);
    std::ofstream(base + ".cc") << "#include \"" FOLDER "/prelude.h\"\n" << program->source;
    std::string command = "g++ -w -O2 -fPIC -shared";
    for (int i = 0; i < count; i++) {
        if (!strncmp(options[i], "-D", 2)) {
            command += std::string(" '") + options[i] + "'";
        }
    }
    program->path = base + ".so";
    command += " " + base + ".cc " FOLDER "/libcuda.so.1 -o " + program->path + " 2> " + base + ".log";
    int answer = system(command.c_str());
    std::ifstream log(base + ".log");
    program->log = std::string(std::istreambuf_iterator<char>(log), {});
    return answer ? 6 : 0;
}

int nvrtcGetProgramLogSize(Program *program, size_t *size) {
    *size = program->log.size() + 1;
    return 0;
}

int nvrtcGetProgramLog(Program *program, char *to) {
    strcpy(to, program->log.c_str());
    return 0;
}

int nvrtcGetCUBINSize(Program *program, size_t *size) {
    *size = program->path.size() + 1;
    return 0;
}

int nvrtcGetCUBIN(Program *program, char *to) {
    strcpy(to, program->path.c_str());
    return 0;
}

int nvrtcDestroyProgram(Program **program) {
    delete *program;
    return 0;
}
}
